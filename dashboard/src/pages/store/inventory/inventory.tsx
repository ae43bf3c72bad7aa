export default function Inventory({ list }: { list: string }) {
  return <p>{list}</p>;
}
