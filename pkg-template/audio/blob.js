export const bufferOf = (blob) => blob.arrayBuffer();
