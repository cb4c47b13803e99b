// Keeps the sum of points and its word up to date while items are ticked; the server decides what may be sent.
"use strict";
const form = document.querySelector("form.review");
if (form) {
  form.classList.add("scripted");
  const word = form.querySelector("[data-word]");
  const sum = form.querySelector("output");
  const update = () => {
    let points = 0;
    for (const box of form.querySelectorAll("input[data-points]:not(:checked)")) points += Number(box.dataset.points);
    const name = points === 0 ? "safe" : points >= Number(form.dataset.stop) ? "warning" : "caution";
    sum.textContent = points;
    word.className = `word ${name}`;
    word.textContent = word.dataset[name];
  };
  form.addEventListener("change", update);
  update();
}
