// The styles of `<theta-score>`.

export const SCORE_STYLES = `
.words, .units { display: flex; flex-wrap: wrap; gap: var(--_gap); align-items: center }
.word { display: flex; align-items: center; max-width: 100% }
.more::before { content: "▼" }
.more[aria-expanded="true"]::before { content: "▲" }
.word-text, .unit .row { display: flex; gap: .375rem }
[aria-current] { background: var(--_accent); outline: 2px solid var(--_text) }
[aria-current], [aria-current] * { color: var(--_on-accent); text-decoration-color: currentColor }
.stress, dt { font-weight: 700 }
.stress { margin-inline-end: -.25rem }
.details {
flex: 1 0 100%;
border: 1px solid var(--_border);
border-radius: var(--_radius);
padding: .5rem;
}
dl { display: grid; grid-template-columns: fit-content(50%) minmax(0, 1fr); gap: var(--_gap) }
`;
