var e=document.querySelector("#link-form"),t=e?.elements.namedItem("link");e&&t&&location.hash.length>1&&(t.value=location.hash,history.replaceState(null,"",location.pathname),e.requestSubmit());
//# sourceMappingURL=welcome.js.map
