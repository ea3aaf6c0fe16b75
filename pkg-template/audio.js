export const forUpload = (core, audio) => core.forUpload(audio);
