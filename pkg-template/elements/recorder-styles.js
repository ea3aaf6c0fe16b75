// The styles of `<theta-recorder>`.

export const RECORDER_STYLES = `
.sentence { font-size: 1.25em }
.row { width: 100% }
.record {
min-block-size: var(--theta-record-size, 3.5rem);
padding-inline: 1.25rem;
border-radius: 99px;
font-weight: 700;
}
.meter {
flex: 1 1 6rem;
height: .75rem;
background: var(--_raised);
border: 1px solid var(--_border);
border-radius: 99px;
overflow: hidden;
}
.bar { height: 100%; background: var(--_text); transform-origin: left }
.row > span { font-variant-numeric: tabular-nums }
.error {
display: grid;
gap: var(--_gap);
justify-items: start;
border-inline-start: 4px solid var(--_poor);
padding-inline-start: .75rem;
}
`;
