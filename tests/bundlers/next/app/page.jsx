import { Told } from "../result.jsx";

export default function Page() {
  return <Told />;
}
