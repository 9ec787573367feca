// What the control room sends to its page: control_room/room.py and control_room/events.py make it.

export type GatewayName = "v1" | "v2";
export type Link = "connecting" | "answering" | "silent" | "down";
export type CircuitState = "CLOSED" | "OPEN" | "HALF-OPEN";

/** How many answers of each outcome there were. */
export interface Outcomes {
  full: number;
  degraded: number;
  failed: number;
}

/** One second of a gateway: full, degraded, failed, p50 and p99 in ms, and whether it is a share of a longer silence. */
export type Second = [number, number, number, number | null, number | null, boolean];

export interface GatewayView {
  link: Link;
  heard_s_ago: number | null;
  problem: string | null;
  rate: number | null;
  recent: Outcomes;
  last_60_s: Outcomes;
  p50_ms: number | null;
  p99_ms: number | null;
  busy: number | null;
  threads: number | null;
  series: (Second | null)[];
}

/** A change of the circuit; `at` is in seconds since the epoch. */
export interface Transition {
  at: number;
  from: CircuitState;
  to: CircuitState;
  why: string;
}

/** A circuit in short: `retry_in_s` is null unless it is OPEN. */
export interface ShortCircuitView {
  state: CircuitState;
  retry_in_s: number | null;
}

export interface CircuitView extends ShortCircuitView {
  link: Link;
  heard_s_ago: number | null;
  control: "automatic" | "forced open" | "forced closed";
  failure_count: number;
  fail_max: number;
  failure_rate: number | null;
  reset_timeout_s: number;
  taken: number;
  counts_overdue: boolean;
  slots: number;
  refused_by_bulkhead: number;
  calls: { short_circuited: number };
  transitions: Transition[];
  product: ShortCircuitView;
  fleet: { alone_because: string | null; others: number; open: number } | null;
}

export interface LoadView {
  link: Link;
  users: number | null;
  rate: number | null;
  failed: number;
}

export type SickService = "recommendations" | "product";

export interface DependencyView {
  link: Link;
  known: boolean;
  fault: { kind: string; cold_s?: number } | null;
  says: string;
  waiting: number | null;
  calls_rate: number | null;
  queued: number | null;
  useless_share: number | null;
}

/** An event on the time axis of one or both gateways; `at` is in seconds since the epoch. */
export interface Mark {
  at: number;
  kind: "fault" | "heal" | "circuit" | "load" | "link" | "back";
  text: string;
  gateways: GatewayName[];
}

/** All that the page shows at one moment, `now`, in seconds since the epoch. */
export interface Picture {
  now: number;
  gateways: Record<GatewayName, GatewayView>;
  circuit: CircuitView | null;
  recommendations: DependencyView;
  recommendations_v2: DependencyView | null;
  product: DependencyView;
  loads: Record<GatewayName, LoadView>;
  marks: Mark[];
  listeners: number;
}

/** What stays as it is while the control room runs. */
export interface Facts {
  story: "hang" | "storm";
  urls: Record<string, string>;
  can_force: boolean;
  needs_token: boolean;
  max_users: number;
  spawn_rate: number;
  faults: FaultKind[];
}

/** What an input for a parameter needs to know: choices, or the bounds of a number. A default of null may stay empty. */
export interface FaultField {
  name: string;
  choices: string[];
  default: string | number | null;
  min: number | null;
  max: number | null;
  whole: boolean;
}

export interface FaultKind {
  group: string;
  kind: string;
  says: string;
  fields: FaultField[];
  limits: FaultField[];
}

/** An event of the stream, with its JSON: `full` says that there is no seat left. */
export interface StreamEvent {
  kind: "facts" | "picture" | "full";
  data: string;
}

export type CircuitMode = "open" | "closed" | "automatic";

/** What a lever does: POST /api/{action} with this body. */
export type Order =
  | { action: "fault"; service: SickService; body: { kind: string; [parameter: string]: string | number } }
  | { action: "heal" | "try"; body: Record<string, never> }
  | { action: "load"; body: { gateway: GatewayName | "both"; users: number } }
  | { action: "circuit"; body: { mode: CircuitMode } };

/** A gateway's answer to one request, as POST /api/try/{gateway} tells of it. */
export interface TrialAnswer {
  status: number;
  took_ms: number;
  body: string;
}

/**
 * A step of the tour. Its check gets the picture, and the changes of the circuit since the step `changesSince` began:
 * what a step waits for may come before the teacher has clicked on to it. Without that name, since this step began.
 */
export interface Step {
  name: string;
  title: string;
  look: string;
  lever?: { text: string; orders: Order[] };
  changesSince?: string;
  check: (picture: Picture, changes: Transition[]) => boolean;
  wanted: string;
  happened: string;
}

export type Tone = "good" | "degraded" | "bad" | "idle";

/** How a gateway fares, in one line. */
export interface Verdict {
  tone: Tone;
  text: string;
  detail: string;
}
