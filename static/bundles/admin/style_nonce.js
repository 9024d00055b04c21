(()=>{let{nonce:n}=document.currentScript,t=document.createElement;document.createElement=function(c,o){let e=t.call(this,c,o);return e instanceof HTMLStyleElement&&(e.nonce=n),e}})();
//# sourceMappingURL=style_nonce.js.map
