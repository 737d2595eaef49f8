const THEMES = { system: "System", light: "Light", dark: "Dark" };

const THEME_KEY = "nas-harness-theme";

/** The theme that was chosen on this site; the system's where none was, or where nothing may be kept. */
function rememberedTheme() {
  try {
    const theme = localStorage.getItem(THEME_KEY);
    return theme in THEMES ? theme : "system";
  } catch {
    return "system";
  }
}

/** Shows a theme from now on. */
export function applyTheme(theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** Shows the remembered theme. Runs before anything is painted. */
export function restoreTheme() {
  applyTheme(rememberedTheme());
}

/** Puts the choice of a theme into the header. */
export function addThemeChoice() {
  const masthead = document.querySelector(".masthead");
  if (masthead === null) return;
  const label = document.createElement("label");
  label.className = "theme";
  const select = document.createElement("select");
  for (const [theme, title] of Object.entries(THEMES)) select.append(new Option(title, theme));
  select.value = rememberedTheme();
  select.addEventListener("change", () => {
    applyTheme(select.value);
    try {
      localStorage.setItem(THEME_KEY, select.value);
    } catch {
      // The choice holds for this page only.
    }
  });
  const name = document.createElement("span");
  name.textContent = "Theme";
  label.append(name, " ", select);
  masthead.append(label);
}
