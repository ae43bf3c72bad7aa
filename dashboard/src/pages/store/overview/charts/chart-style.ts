/** How all charts look. The axis stands within the chart: its labels lie on the lines they belong to. */
export const GRID = { vertical: false, stroke: "var(--color-line)" } as const;
export const X_AXIS = {
  tickLine: false,
  axisLine: false,
  tick: { fill: "var(--color-dim)", fontSize: 12 },
  minTickGap: 16,
} as const;
export const Y_AXIS = {
  mirror: true,
  tickLine: false,
  axisLine: false,
  // px: above the line.
  dy: -7,
  tick: { fill: "var(--color-dim)", fontSize: 12 },
  tickCount: 4,
} as const;
export const TOOLTIP = {
  isAnimationActive: false,
  cursor: { fill: "var(--color-raised)" },
  contentStyle: { background: "var(--color-surface)", borderColor: "var(--color-line)", borderRadius: 6 },
} as const;
