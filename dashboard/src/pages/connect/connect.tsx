export default function Connect() {
  return <p>Connect</p>;
}
