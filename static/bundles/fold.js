function r({strings:i},e,t=e.getAttribute("aria-expanded")==="true"){e.previousElementSibling?.classList.toggle("folded",t),e.setAttribute("aria-expanded",String(!t)),e.textContent=i.get(t?"show_all":"show_less")}export{r as turn};
//# sourceMappingURL=fold.js.map
