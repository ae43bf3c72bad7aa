export default function Notifications() {
  return <p>Notifications</p>;
}
