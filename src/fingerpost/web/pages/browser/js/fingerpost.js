// Small helps for those who have scripts. Every page does its whole work without this file.
document.documentElement.classList.add("fp-scripted");
document.body.classList.add("js-enabled", "nhsuk-frontend-supported");

// From the design system only what helps: its radios set aria-expanded where that is not allowed, so conditional
// answers are shown by the style sheet instead, and its file box hides the name of the button.
const own = document.querySelector("script[data-design-system]");
if (own && document.querySelector("[data-module^='nhsuk-']")) {
  import(own.dataset.designSystem).then((system) => {
    system.initButtons();
    system.initCharacterCounts();
    system.initErrorSummary();
  });
}

// Ctrl+Enter (Command+Enter) sends a form that asks for it.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.("form[data-submit-keys]");
  if (form) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("button[type=submit]"));
  }
});

// A form that asks for it warns before typed words are left behind. Nothing typed is stored on this machine:
// it may be shared.
const unsaved = new Set();
for (const form of document.querySelectorAll("form[data-warn-unsaved]")) {
  form.addEventListener("input", () => unsaved.add(form));
  form.addEventListener("submit", () => unsaved.delete(form));
}
window.addEventListener("beforeunload", (event) => {
  if (unsaved.size) event.preventDefault();
});

// A menu of the header closes with Escape or when the reader goes on elsewhere.
const menus = document.querySelectorAll("details.fp-who, details.fp-nav__phone");
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus) {
    if (menu.open && menu.contains(document.activeElement)) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }
});
document.addEventListener("click", (event) => {
  for (const menu of menus) if (menu.open && !menu.contains(event.target)) menu.open = false;
});

// Two minutes before an idle session ends it is said, and one press keeps it. Whoever answers in another window has
// said so for all. Without this file the session ends as well, and a form that is sent afterwards is kept.
const idle = document.querySelector("dialog[data-idle-seconds]");
if (idle) {
  const warn = 120;
  const seen = "fingerpost-seen";
  const stamp = () => localStorage.setItem(seen, String(Date.now()));
  const left = () => Number(idle.dataset.idleSeconds) - (Date.now() - Number(localStorage.getItem(seen))) / 1000;
  const text = idle.querySelector("p");
  const first = text.textContent;
  stamp();
  const stay = () => {
    const token = idle.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
    fetch(idle.dataset.stay, { method: "POST", headers: { "X-CSRFToken": token }, redirect: "error" }).then(
      (answer) => answer.ok && stamp(),
      () => {}, // away already, or no network: the form is kept when it is sent
    );
  };
  const isOver = () => left() <= 0; // asking to stay would do no more than end the session a second time
  const tellThatItIsOver = () => {
    idle.querySelector("h2").textContent = idle.dataset.overHeading;
    idle.querySelector("button").textContent = idle.dataset.overButton;
    text.textContent = idle.dataset.over;
  };
  idle.addEventListener("close", () => isOver() || stay());
  setInterval(() => {
    const seconds = left();
    if (seconds > warn) {
      if (idle.open) idle.close();
      return;
    }
    if (isOver()) return tellThatItIsOver();
    text.textContent = seconds > 60 ? first : idle.dataset.minute;
    if (!idle.open) idle.showModal();
  }, 5000);
}
