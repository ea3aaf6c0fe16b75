// The settings that the page remembers: language, mode, sentence, tries. Some browsers allow no storage.

const storage = (() => {
  try {
    return localStorage;
  } catch {
    return {};
  }
})();

export const remember = (name, value) => {
  storage[name] = JSON.stringify(value);
};
export const recall = (name, fallback) => JSON.parse(storage[name] ?? "null") ?? fallback;
