// The styles that all elements share: colors, sizes, buttons. Colors come in light and dark, by
// the page's own `color-scheme`; each has a contrast of at least 4.5 to the surface. Safari takes
// no style and color in the shorthand `text-decoration`.

export const BASE_STYLES = `
:host {
--_surface: var(--theta-surface, light-dark(#fff, #16181d));
--_raised: var(--theta-raised, light-dark(#f1f3f6, #262a31));
--_text: var(--theta-text, light-dark(#1b1f24, #f0f2f5));
--_muted: var(--theta-muted, light-dark(#4d5561, #b3bac5));
--_border: var(--theta-border, light-dark(#80878f, #7d8590));
--_accent: var(--theta-accent, light-dark(#0b57b0, #86b9f7));
--_on-accent: var(--theta-on-accent, light-dark(#fff, #10151c));
--_good: var(--theta-good, light-dark(#136239, #7fdca4));
--_fair: var(--theta-fair, light-dark(#7a4a00, #f4c463));
--_poor: var(--theta-poor, light-dark(#a3191b, #ff9e97));
--_gap: var(--theta-gap, .5rem);
--_radius: var(--theta-radius, .5rem);
display: block;
position: relative;
font: var(--theta-font, inherit);
}
:host([hidden]) { display: none }
* { box-sizing: border-box; margin: 0; padding: 0; min-width: 0 }
.content {
background: var(--_surface);
color: var(--_text);
border-radius: var(--_radius);
padding: var(--theta-padding, .75rem);
display: grid;
grid-template-columns: minmax(0, 1fr);
justify-items: start;
gap: var(--_gap);
overflow-wrap: anywhere;
}
.content > * { max-width: 100% }
.hidden {
position: absolute;
width: 1px;
height: 1px;
overflow: hidden;
clip-path: inset(50%);
white-space: nowrap;
}
.row { display: flex; flex-wrap: wrap; align-items: center; gap: var(--_gap) }
ul, ol { list-style: none }
[dir] { unicode-bidi: isolate }
button {
font: inherit;
color: inherit;
background: var(--_raised);
border: 1px solid var(--_border);
border-radius: var(--_radius);
min-block-size: var(--theta-target-size, 2.5rem);
min-inline-size: var(--theta-target-size, 2.5rem);
max-inline-size: 100%;
padding: .25rem .6rem;
display: inline-flex;
align-items: center;
justify-content: center;
gap: .375rem;
cursor: pointer;
overflow-wrap: anywhere;
}
:focus-visible { outline: 3px solid var(--_accent); outline-offset: 2px }
.primary { background: var(--_accent); color: var(--_on-accent) }
.icon { width: 1em; height: 1em; flex: none; fill: currentColor }
.muted { color: var(--_muted) }
.good { --_level: var(--_good); --_line: solid }
.fair { --_level: var(--_fair); --_line: dashed }
.poor { --_level: var(--_poor); --_line: wavy }
.score { color: var(--_level); font-weight: 700 }
.rated {
text-decoration-line: underline;
text-decoration-style: var(--_line);
text-decoration-color: var(--_level);
}
@media (forced-colors: active) { :host { --_accent: Highlight; --_text: CanvasText } }
`;
