// Before anything is drawn: light or dark as chosen, else as the system has it. Not a module, so that it does not wait. The shell says
// "bioctl:theme" when another one is chosen.
(() => {
    const system = matchMedia("(prefers-color-scheme: dark)");
    let chosen = null;
    try {
        chosen = localStorage.getItem("bioctl.theme");
    } catch {
        // A browser that keeps nothing shows what the system has.
    }
    const apply = () => {
        const isChosen = chosen === "light" || chosen === "dark";
        document.documentElement.dataset.theme = isChosen ? chosen : system.matches ? "dark" : "light";
    };
    apply();
    system.addEventListener("change", apply);
    addEventListener("bioctl:theme", ({ detail }) => {
        chosen = detail;
        apply();
    });
})();
