// The texts of a page in the language that was chosen. English is the key, and is shown where there is no other.

let dictionary = {};

const tr = (english, values) => (dictionary[english] || english).replace(/\{(\w+)\}/g, (_, name) => String(values[name]));

const plural = (number, one, many) => `${number.toLocaleString("en")} ${number === 1 ? one : many || one + "s"}`;
