import { Told } from "../told.jsx";

export default function Page() {
  return <Told />;
}
