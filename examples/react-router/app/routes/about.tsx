export default function About() {
  return <p>An example.</p>;
}
