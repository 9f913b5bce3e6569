// Before anything is drawn: light or dark as chosen, else as the system has it. Not a module, so that it does not wait.
(() => {
    let theme = null;
    try {
        theme = localStorage.getItem("bioctl.theme");
    } catch {
        // A browser that keeps nothing shows what the system has.
    }
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
})();
