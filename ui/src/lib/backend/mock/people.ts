/** Who lives in the world of the mock, and what they say. Invented; nobody in it exists. */

import type { Given } from "./files";

export type Line = {
  by: string;
  text: string;
  /** Minutes before now. */
  ago: number;
  answers?: number;
  edited?: boolean;
  deleted?: boolean;
  carries?: Given;
  unread?: boolean;
  reactions?: Record<string, string[]>;
  /** How many of the others have it; all unless told. */
  have?: number;
};
export type Script = {
  cell: string;
  name: string;
  me: string;
  people: string[];
  reachable: number;
  state?: "member" | "removed" | "left";
  lines: Line[];
};

const day = 24 * 60;

export const scripts: Script[] = [
  {
    cell: "c1",
    name: "Tuesday vigil",
    me: "Alice",
    people: ["Alice", "Bob", "Carol Weber", "Dunja", "Emil", "Fatima Z.", "Greta"],
    reachable: 3,
    lines: [
      {
        by: "Carol Weber",
        ago: 2 * day + 190,
        text: "The flowers are ordered. White ones, two dozen, nothing on the ribbon.",
      },
      { by: "Carol Weber", ago: 2 * day + 189, text: "I pay from the fund and bring the slip." },
      {
        by: "Alice",
        ago: 2 * day + 171,
        text: "Thank you. I can carry half of them.",
        answers: 0,
        reactions: { "🤍": ["Carol Weber", "Dunja"] },
      },
      {
        by: "Bob",
        ago: 2 * day + 40,
        text: "I walked past the square at noon. Two patrols, both in a good mood, nobody asked anything.",
      },
      {
        by: "Dunja",
        ago: day + 320,
        text: "Reminder, since two of us are new:\n\n• black clothes, a white flower, no sign\n• we stand for fifteen minutes and do not speak\n• Greta answers if somebody asks; nobody else does\n• no pictures of faces, not even from behind\n• if someone in uniform says *leave*, we leave, together and slowly\n• Emil stays outside the group and watches the time\n• water, a charged phone that is switched off, your medicine\n• nothing in your pockets that names another person\n• afterwards: tea at the usual place, and a word here that you are home\n• if you are held: you give your name and nothing else, and ask for the lawyer\n• the number is on the card; learn it, then leave the card at home\n• whoever does not feel well that day stays at home, without giving a reason",
      },
      {
        by: "Fatima Z.",
        ago: day + 301,
        text: "Read and learned. I will stand next to @Bob.",
        reactions: { "🕊️": ["Alice", "Dunja", "Greta"], "👍": ["Bob"] },
      },
      { by: "Bob", ago: day + 299, text: "Gladly.", answers: 5 },
      { by: "Emil", ago: day + 32, text: "", deleted: true },
      { by: "Alice", ago: 320, text: "Is 18:00 still right? The light goes earlier now.", edited: true },
      { by: "Greta", ago: 301, text: "Yes. It is better when people come from work.", answers: 8 },
      {
        by: "Alice",
        ago: 62,
        text: "Then 18:00, by the fountain side.",
        reactions: { "👍": ["Bob", "Carol Weber", "Greta", "Emil"] },
      },
      {
        by: "Alice",
        ago: 61,
        text: "I bring the candles. Here is the text about glass jars that someone asked for: https://example.org/jars",
        have: 3,
      },
      { by: "Dunja", ago: 24, text: "@Alice can you bring one more jar for Greta?", unread: true },
      {
        by: "Greta",
        ago: 22,
        text: "And a lighter. Mine was taken at the entrance last time.",
        unread: true,
        reactions: { "😅": ["Dunja"] },
      },
      { by: "Bob", ago: 9, text: "On my way with the thermos.", unread: true },
    ],
  },
  {
    cell: "c2",
    name: "Кресты на набережной",
    me: "Алиса",
    people: ["Алиса", "Борис", "Вера Павловна", "Глеб", "Даша"],
    reachable: 2,
    lines: [
      { by: "Вера Павловна", ago: day + 400, text: "Досок хватит на сорок штук. Лак не берите, блестит." },
      { by: "Борис", ago: day + 380, text: "Принято. Распилю в пятницу у себя.", answers: 0 },
      {
        by: "Даша",
        ago: day + 120,
        text: "Вчера у третьего фонаря кто-то поставил ещё два — не мы. Значит, нас больше, чем мы думали.",
        reactions: { "🖤": ["Алиса", "Борис", "Вера Павловна"] },
      },
      { by: "Алиса", ago: day + 100, text: "Плакала. Потом пошла и поставила третий." },
      {
        by: "Глеб",
        ago: 200,
        text: "@Алиса, ты свободна в воскресенье утром? Нужен кто-то, кто просто стоит и смотрит на воду.",
      },
      {
        by: "Алиса",
        ago: 180,
        text: "Свободна. Буду смотреть на воду.",
        answers: 4,
        reactions: { "🤍": ["Глеб"] },
      },
      { by: "Борис", ago: 35, text: "Всё готово. Лежат там, где договорились.", unread: true },
    ],
  },
  {
    cell: "c3",
    name: "Strike fund",
    me: "Alice",
    people: ["Alice", "Ivo", "Nadia"],
    reachable: 0,
    lines: [
      { by: "Nadia", ago: 3 * day + 50, text: "Four families this month. Rent first, then medicine." },
      { by: "Ivo", ago: 3 * day + 20, text: "I can cover two until the fund is full again." },
      { by: "Alice", ago: 140, text: "The third one is covered. I will tell you how when we meet.", have: 0 },
    ],
  },
  {
    cell: "c4",
    name: "Библиотека",
    me: "Алиса",
    people: ["Алиса", "Лев", "Мария", "Ольга Сергеевна"],
    reachable: 1,
    lines: [
      { by: "Мария", ago: 5 * day, text: "Новая брошюра готова, восемь страниц. Читается за чашку чая." },
      { by: "Лев", ago: 4 * day + 300, text: "Отнесу в три дома на нашей улице." },
      {
        by: "Алиса",
        ago: 4 * day + 280,
        text: "Я — в почтовые ящики у рынка.",
        reactions: { "👍": ["Лев", "Мария"] },
      },
    ],
  },
  {
    cell: "c5",
    name: "حديقة الزيتون",
    me: "أليس",
    people: ["أليس", "ليلى", "Samir"],
    reachable: 1,
    lines: [
      { by: "ليلى", ago: 6 * day, text: "نلتقي عند البوابة الشمالية في الساعة 17:30، ومعنا الزهور البيضاء." },
      { by: "Samir", ago: 6 * day - 30, text: "I bring الشموع and some water." },
      { by: "أليس", ago: 6 * day - 40, text: "شكرًا لكم.", reactions: { "🤍": ["ليلى", "Samir"] } },
    ],
  },
  {
    cell: "c6",
    name: "Printers",
    me: "Alice",
    people: ["Alice", "Tomas", "Ute"],
    reachable: 0,
    state: "removed",
    lines: [
      { by: "Tomas", ago: 40 * day, text: "The last sheets are dry." },
      { by: "Ute", ago: 39 * day, text: "Good. Then we close this one, as agreed." },
    ],
  },
  {
    cell: "c7",
    name: "Photographs",
    me: "Alice",
    people: ["Alice", "Emil", "Фаина"],
    reachable: 1,
    lines: [
      {
        by: "Emil",
        ago: 7 * day,
        text: "",
        carries: { kind: "file", name: "route, older.pdf", size: 1_240_000, state: "offered", have: 0 },
      },
      {
        by: "Фаина",
        ago: 6 * day + 700,
        text: "Текст на обороте, две страницы.",
        carries: { kind: "file", name: "Оборот листовки, вторая правка.odt", size: 384_000 },
      },
      {
        by: "Emil",
        ago: 6 * day + 600,
        text: "From the bridge, nobody in it.",
        carries: { kind: "image", name: "bridge at dusk.jpg", size: 412_000 },
        reactions: { "🤍": ["Alice"] },
      },
      {
        by: "Emil",
        ago: 6 * day + 599,
        text: "",
        carries: { kind: "image", name: "poster.png", size: 2_900_000, state: "coming", have: 31 },
      },
      {
        by: "Alice",
        ago: 6 * day + 500,
        text: "",
        carries: { kind: "image", name: "candles.jpg", size: 268_000, width: 900, height: 1350 },
        have: 1,
      },
      {
        by: "Фаина",
        ago: 6 * day + 400,
        text: "",
        carries: { kind: "file", name: "печать.zip", size: 18_400_000, state: "waiting", have: 120 },
      },
    ],
  },
];

/** For the cell with 100,000 messages. */
export const chatter = [
  "I am home.",
  "Same here, all quiet.",
  "Can somebody bring tape?",
  "Я дома, всё спокойно.",
  "Кто завтра может с утра?",
  "Two more people asked how they can help. I told them to read first and decide later.",
  "The print shop closes at six, so it has to be before that, or we take the other one behind the station.",
  "Yes.",
  "Не берите телефоны, пожалуйста. Вообще никакие.",
  "We were four, then seven, then somebody brought their mother.\nShe stayed the longest.",
  "👍",
  "Подождите меня у выхода, я опоздаю минут на пять.",
  "Nothing today. Rest.",
  "نعم، سأكون هناك.",
  "A woman stopped, read it, and shook my hand without a word. I do not think I will forget that soon.",
];
