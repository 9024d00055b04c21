// A stand-in for a consent manager, which writes its own markup.
(() => {
  const banner = document.createElement("div");
  banner.className = "consent";
  banner.setAttribute("role", "region");
  banner.setAttribute("aria-label", "Consent");
  banner.innerHTML = "<p>We use cookies.</p><button type=button>Agree</button>";
  Object.assign(banner.style, { position: "fixed", insetInline: 0, insetBlockEnd: 0, background: "#fff", color: "#000" });
  banner.querySelector("button").addEventListener("click", () => {
    banner.remove();
    dispatchEvent(new Event("consent:given"));
  });
  document.body.append(banner);
})();
