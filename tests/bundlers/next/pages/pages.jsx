// The pages router.

import { Told, serverSide } from "../result.jsx";

export function getServerSideProps() {
  return { props: { imported: serverSide } };
}

export default function Page({ imported }) {
  return (
    <>
      <p id="imported">{imported}</p>
      <Told />
    </>
  );
}
