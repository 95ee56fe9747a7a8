// Loaded before the first paint, so that a chosen theme never flashes the other one.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = localStorage.getItem("kept-theme");
  if (chosen) root.dataset.theme = chosen;

  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const say = () => document.querySelector("[data-theme-toggle]").setAttribute("aria-pressed", isDark());

  const toggle = () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    localStorage.setItem("kept-theme", root.dataset.theme);
    say();
  };

  system.addEventListener("change", say);
  addEventListener("DOMContentLoaded", () => {
    say();
    document.querySelector("[data-theme-toggle]").addEventListener("click", toggle);
  });
})();
