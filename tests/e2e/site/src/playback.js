// Lights up the words of the result while the take is played.

/** Marks the item of `list` that is being spoken with `aria-current`, while `player` plays. */
export function followPlayback(player, list) {
  const mark = () => {
    for (const item of list.children) {
      const { start, end } = item.dataset;
      const isSpoken = !player.paused && player.currentTime >= start && player.currentTime < end;
      if (isSpoken) item.setAttribute("aria-current", "true");
      else item.removeAttribute("aria-current");
    }
    // Four times a second, as "timeupdate" comes, would miss short words.
    if (!player.paused) requestAnimationFrame(mark);
  };
  player.addEventListener("play", mark);
}
