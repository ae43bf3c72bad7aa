import { Badge } from "./badge";
import { Banner } from "./banner";
import { Inventory } from "./inventory";

export default async function Page({ params }: { params: Promise<{ location_id: string }> }) {
  const { location_id } = await params;
  return (
    <main>
      <h1>
        Dutchie <Badge location_id={location_id} />
      </h1>
      <Banner location_id={location_id} />
      <Inventory location_id={location_id} />
    </main>
  );
}
