import { Bold } from "@tiptap/extension-bold";
import { Document } from "@tiptap/extension-document";
import { HardBreak } from "@tiptap/extension-hard-break";
import { Heading } from "@tiptap/extension-heading";
import { Italic } from "@tiptap/extension-italic";
import { BulletList, ListItem, OrderedList as TiptapOrderedList } from "@tiptap/extension-list";
import { Paragraph } from "@tiptap/extension-paragraph";
import { TableCell, TableHeader, TableRow, Table as TiptapTable } from "@tiptap/extension-table";
import { Text } from "@tiptap/extension-text";
import { Dropcursor, Gapcursor, UndoRedo as History } from "@tiptap/extensions";
import { Link } from "./link.js";
import { Menu } from "./menu.js";

/** Typing “1. ” begins no list: it may be a score. */
const OrderedList = TiptapOrderedList.extend({ addInputRules: () => [] });

/** Tables without the widths of their columns, which the server's cleaner would not keep. */
const Table = TiptapTable.extend({
  renderHTML: () => ["table", ["tbody", 0]],
});

/** What a text may consist of, by the names that updates/content/allowed.py uses. */
export const EXTENSIONS = {
  Bold, BulletList, Document, Dropcursor, Gapcursor, HardBreak, Heading, History, Italic, Link, ListItem, Menu, OrderedList,
  Paragraph, Table, TableCell, TableHeader, TableRow, Text,
};
