import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

const brand: MantineColorsTuple = [
  "#eaf7ef",
  "#d6ecdf",
  "#abd9bd",
  "#7dc599",
  "#6fc08e",
  "#47a86d",
  "#3a9a60",
  "#33895a",
  "#2b7a4b",
  "#1f6039",
];

export const theme = createTheme({
  primaryColor: "brand",
  primaryShade: 8,
  colors: { brand },
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
  cursorType: "pointer",
  respectReducedMotion: true,
});

/** Mantine's own grey and red do not reach the contrast that small text needs (WCAG AA, 4.5 : 1). */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "#545b62",
    "--mantine-color-error": "#b02525",
    "--mantine-color-placeholder": "#646b72",
    "--mantine-color-anchor": "#1f6b3c",
  },
  dark: {
    "--mantine-color-dimmed": "#b6b8bd",
    "--mantine-color-error": "#ff9b9b",
    "--mantine-color-placeholder": "#a4a7ad",
    "--mantine-color-anchor": "#7dc599",
  },
});
