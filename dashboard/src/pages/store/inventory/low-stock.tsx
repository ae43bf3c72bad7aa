import { texts } from "../../../texts.ts";
import { Button } from "../../../ui/button.tsx";

/** Shows only low stock, or all again. */
export function LowStock({ isOn, onChange }: { isOn: boolean; onChange: (isOn: boolean) => void }) {
  return (
    <Button
      aria-pressed={isOn}
      className={isOn ? "border-brand! ring-1 ring-brand" : ""}
      onClick={() => onChange(!isOn)}
    >
      {texts.inventory.lowStock}
    </Button>
  );
}
