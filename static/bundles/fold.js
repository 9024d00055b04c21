function s({strings:i},e,t=e.getAttribute("aria-expanded")==="true"){e.previousElementSibling?.classList.toggle("folded",t),e.setAttribute("aria-expanded",String(!t)),e.textContent=i.get(t?"show_all":"show_less")}export{s as toggleFold};
//# sourceMappingURL=fold.js.map
