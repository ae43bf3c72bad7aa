export default function Activity({ list }: { list: string }) {
  return <p>{list}</p>;
}
