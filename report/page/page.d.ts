// What the report page is given as JSON (page.py), as far as its scripts read it, and the library that draws.

export type OutcomeName = "full" | "degraded" | "failed" | "unanswered" | "unsent";
export type PhaseName = "healthy" | "fault" | "recovery";
export type CircuitState = "CLOSED" | "OPEN" | "HALF-OPEN";
export type RouteField = "product_details" | "catalogue";

export type Accounts = Record<OutcomeName | "scheduled", number>;

export interface RouteResult {
  accounts: Accounts;
  good: number;
}

export interface PhaseResult extends Record<RouteField, RouteResult> {
  all_routes: RouteResult;
  calls_to_recommendations: number | null;
  useless_work: number | null;
}

export interface GatewayResult {
  whole_run: PhaseResult;
  phases: Record<PhaseName, PhaseResult>;
  reaction: Record<"fault_to_open_s" | "heal_to_closed_s" | "heal_to_normal_s", number | null>;
}

/** One number for each second of the run. */
export interface Series extends Record<"full" | "degraded" | "failed" | "waiting", number[]> {
  calls_to_recommendations: (number | null)[];
  useless_work: (number | null)[];
  busy_threads: (number | null)[];
}

export interface CircuitSpan {
  state: CircuitState;
  from_s: number;
  to_s: number;
  why: string;
}

/** The published schema of comparison_report.json describes every field. */
export interface Report {
  experiment: { faults: { spec: string }[]; good_within_s: number; threads: Record<string, number> };
  timeline: {
    phases: { phase: PhaseName; from_s: number; to_s: number }[];
    circuit: CircuitSpan[];
    fault_s: number | null;
    healed_s: number | null;
    end_s: number;
  };
  gateways: Record<string, GatewayResult>;
  replicas: Record<string, { circuit: CircuitSpan[] }>;
  series: Record<string, Series>;
  queue: (number | null)[];
}

/** The requests of a gateway: arrays of numbers in base64, codes as indexes into the names; no ids in a large run. */
export interface PackedRequests {
  intended_s: string;
  latency_ms: string;
  outcome: string;
  route: string;
  phase: string;
  request_id: string[] | null;
}

export interface PageData {
  report: Report;
  points: Record<string, PackedRequests>;
  outcomes: OutcomeName[];
  routes: string[];
  phases: PhaseName[];
  in_phase: Record<PhaseName, string>;
  focus: PhaseName | null;
}

/** The requests of a gateway; the latency of one without an answer is NaN. */
export interface Requests {
  intended_s: Float32Array;
  latency_ms: Float32Array;
  outcome: Uint8Array;
  route: Uint8Array;
  phase: Uint8Array;
  request_id: string[] | null;
}

export type Colour = OutcomeName | "page" | "panel" | "ink" | "soft" | "line" | "sick" | "v1" | "v2" | "halfOpen";

/** How charts look now: colours by name, the font, and the size of text in pixels. */
export interface Look extends Record<Colour, string> {
  font: string;
  text: number;
}

/** A part of a chart's option, as ECharts documents it. */
export type Part = Record<string, unknown>;

/** Makes the option of a chart for the room that there is, in pixels. */
export type MakeOption = (look: Look, width: number, height: number) => Part;

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What ECharts passes to the renderItem of a custom series. */
export type RenderItem = (
  params: { dataIndex: number; coordSys: Rectangle },
  api: { coord(point: [number, number]): [number, number] },
) => Part | undefined;

export interface Chart {
  dispose(): void;
  getWidth(): number;
  getHeight(): number;
  setOption(option: Part, notMerge: boolean): void;
  dispatchAction(action: Part): void;
  resize(): void;
  getZr(): { flush(): void };
}

declare global {
  const echarts: {
    init(element: HTMLElement, theme: null, options: { devicePixelRatio: number }): Chart;
    format: { encodeHTML(text: string): string };
  };
}
