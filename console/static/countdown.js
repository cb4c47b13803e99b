// Counts down what the page already says in words; nothing depends on it.
"use strict";
const skew = Date.now() / 1000 - Number(document.documentElement.dataset.now);
const clocks = document.querySelectorAll("[data-due]");
function tick() {
  const now = Date.now() / 1000 - skew;
  for (const clock of clocks) {
    const left = Math.max(0, Math.ceil(Number(clock.dataset.due) - now));
    if (left >= 86400) continue; // the day and the hour stand there
    const two = (n) => String(n).padStart(2, "0");
    const minutes = left < 3600 ? Math.floor(left / 60) : `${Math.floor(left / 3600)}:${two(Math.floor(left / 60) % 60)}`;
    clock.textContent = left ? `${minutes}:${two(left % 60)}` : clock.dataset.over;
  }
}
if (clocks.length) {
  tick();
  setInterval(tick, 1000);
}
