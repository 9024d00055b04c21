import{Link as o}from"django-prose-editor/editor";var s=o.extend({addOptions(){return{...this.parent?.(),defaultProtocol:"https",isAllowedUri:i}},onCreate(){},onDestroy(){}});function i(e,{protocols:n}){let t=/^\s*([a-z][a-z0-9+.-]*):/i.exec(e)?.[1];return t===void 0||n.includes(t.toLowerCase())}export{s as Link};
//# sourceMappingURL=editor_link.js.map
