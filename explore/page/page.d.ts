// What the page is given as JSON (page.py), and what its scripts hand to each other.

export type MeasureName =
  | "protect_s"
  | "false_alarms_per_day"
  | "recover_s"
  | "good_refused_share"
  | "sick_calls_per_s";

export type Said = Record<MeasureName, string>;

/** How a tried point does; times are null when they did not happen in every run. */
export interface Does {
  false_alarms_per_day: number;
  false_alarms_per_day_most: number;
  false_alarms: number;
  well_s: number;
  good_refused_share: number;
  protect_s: number | null;
  recover_s: number | null;
  sick_calls_per_s: number;
}

export interface Translation {
  name: string;
  language: string;
  text: string;
  cannot: string[];
  differs: string[];
}

/** Today's settings, or one of the best. */
export interface Point {
  title: string;
  /** which of its values each setting has */
  at: number[];
  said: Said;
  /** from the lowest factor to the highest, with 1 */
  rates: { factor: number; said: Said }[];
  translations: Translation[];
}

export interface Tried {
  at: number[];
  does: Does;
  said: Said;
}

export interface Axis {
  name: MeasureName;
  title: string;
  /** of the points, 0 to 1 */
  places: number[];
}

export interface Setting {
  name: string;
  title: string;
  unit: "" | "s" | "share";
  variable: string;
  values: (number | string)[];
  /** of the values in the unit cube that was searched */
  places: number[];
}

export interface PageData {
  points: Point[];
  suggested: number;
  across: MeasureName;
  up: MeasureName;
  axes: Axis[];
  settings: Setting[];
  /** by the policy: settings that it does not look at */
  unused: Record<string, string[]>;
  tried: Tried[];
  /** how much each setting matters for a measure */
  weights: Record<MeasureName, number[]>;
  rate_per_s: number;
  /** why the figures of each of the rates are not promised; empty: they are */
  refusals: string[];
  minimum_calls: number;
  /** fewer false alarms than this are no rate */
  few: number;
  /** to explore the same traffic again */
  command: string;
}

/** What the fragment of the address holds. */
export interface State {
  point: number;
  across: MeasureName;
  up: MeasureName;
  /** which of the rates */
  rate: number;
  /** where the sliders are */
  at: number[];
}

/** Changes the state; a change that is not final, such as while a slider moves, gets no entry in the history. */
export type Choose = (change: Partial<State>, isFinal?: boolean) => void;

/** What the points that were tried say about a measure; null: never. "again" has what the nearest ones do. */
export type Answer =
  | { kind: "about"; value: number; from: number; to: number }
  | { kind: "none"; well_s: number; most: number }
  | { kind: "never" }
  | { kind: "again"; from: number | null; to: number | null };
