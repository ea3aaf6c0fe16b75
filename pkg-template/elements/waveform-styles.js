// The styles of `<theta-waveform>`.

export const WAVEFORM_STYLES = `
.track { display: grid; gap: .25rem; justify-items: start }
.track, .wave { width: 100% }
.wave {
position: relative;
background: var(--_raised);
border: 1px solid var(--_border);
border-radius: var(--_radius);
overflow: hidden;
touch-action: pan-y;
cursor: pointer;
}
.shape {
display: block;
width: 100%;
height: var(--theta-wave-height, 4rem);
fill: var(--theta-wave, var(--_accent));
}
.native .shape { fill: var(--theta-wave-native, var(--_good)) }
.labels {
position: relative;
height: 1.75em;
background: var(--_surface);
border-top: 1px solid var(--_border);
}
.label {
position: absolute;
inset-block: 0;
overflow: hidden;
white-space: nowrap;
padding-inline: 2px;
border-inline-start: 1px solid var(--_border);
}
.label[data-current] { background: var(--_accent); color: var(--_on-accent); font-weight: 700 }
.playhead {
position: absolute;
inset: 0;
border-inline-start: 2px solid var(--_text);
pointer-events: none;
}
`;
