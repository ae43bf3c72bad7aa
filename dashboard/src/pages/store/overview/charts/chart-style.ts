/** How all charts look: each label stands at the line it belongs to. */
export const GRID = { vertical: false, stroke: "var(--color-line)" } as const;
/** px: the highest label is not cut off. */
export const MARGIN = { top: 8, right: 4, bottom: 0, left: 0 } as const;
export const X_AXIS = {
  tickLine: false,
  axisLine: false,
  tick: { fill: "var(--color-dim)", fontSize: 12 },
  minTickGap: 16,
} as const;
export const Y_AXIS = {
  tickLine: false,
  axisLine: false,
  // px: room for "2 min 30 s".
  width: 64,
  tick: { fill: "var(--color-dim)", fontSize: 12 },
  tickCount: 4,
} as const;
export const TOOLTIP = {
  isAnimationActive: false,
  cursor: { fill: "var(--color-raised)" },
  contentStyle: { background: "var(--color-surface)", borderColor: "var(--color-line)", borderRadius: 6 },
  // The names say what is what; in the colours of the lines they would be too pale to read.
  itemStyle: { color: "var(--color-ink)" },
} as const;
