"use strict";(()=>{var{name:n}=document.currentScript.dataset,[t]=document.cookie.split("; ").filter(e=>e.startsWith(`${n}=`)),[o]=performance.getEntriesByType("navigation"),s=t&&!/=(0|)$/.test(t)||o?.serverTiming?.some(e=>e.name===n);s&&(document.documentElement.dataset.noAds="");})();
//# sourceMappingURL=no_ads.js.map
