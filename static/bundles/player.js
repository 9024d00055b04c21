function c(e){let{player:a="",aspect:l="",name:s=""}=e.dataset,t=document.createElement("iframe");Object.assign(t.dataset,{player:a,aspect:l}),Object.assign(t,{title:s,src:a,allow:"autoplay; fullscreen; picture-in-picture"}),t.setAttribute("sandbox","allow-scripts allow-same-origin allow-popups allow-presentation"),e.replaceWith(t),t.focus()}export{c as play};
//# sourceMappingURL=player.js.map
