/** An axis has room for a few characters: $60K. */
export const short = new Intl.NumberFormat("en-US", { notation: "compact", style: "currency", currency: "USD" });
