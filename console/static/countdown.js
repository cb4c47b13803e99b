// Counts down what the page already says in words; nothing depends on it.
"use strict";
const skew = Date.now() / 1000 - Number(document.documentElement.dataset.now);
const clocks = document.querySelectorAll("[data-due]");
function tick() {
  const now = Date.now() / 1000 - skew;
  for (const clock of clocks) {
    const left = Math.max(0, Math.ceil(Number(clock.dataset.due) - now));
    clock.textContent = left
      ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`
      : clock.dataset.over;
  }
}
if (clocks.length) {
  tick();
  setInterval(tick, 1000);
}
