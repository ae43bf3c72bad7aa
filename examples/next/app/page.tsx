import { Fleet } from "./fleet";

export default function Page() {
  return (
    <main>
      <h1>Stores</h1>
      <Fleet />
    </main>
  );
}
