export default function Product({ product_id }: { product_id: string }) {
  return <p>{product_id}</p>;
}
