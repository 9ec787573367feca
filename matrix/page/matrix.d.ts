// What the page of the matrix is given as JSON (page.py).

export type Fate = "with_recommendations" | "without" | "late";

/** The product pages asked for in each second of the run, and what became of them; the rest was lost. */
export type Series = Record<Fate | "asked", number[]>;

export interface Cell {
  fault: string;
  gateway: string;
  good_share: number;
  numbers: [string, string][];
  fault_from_s: number;
  fault_to_s: number;
  series: Series;
}
