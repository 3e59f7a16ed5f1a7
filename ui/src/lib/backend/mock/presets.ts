/** Calls for the world of the mock, in two languages, so that screens have something true to life to show. */
import type { Call, CallKind, CallText } from "../bindings";

const day = (ahead: number) => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);

type Words = Omit<CallText, "language" | "roles" | "legalNotes"> & { roles: [string, string][]; law: string };

const roleKeys = ["stander", "speaker", "observer", "safety_contact"];

function textOf(language: string, words: Words): CallText {
  const { roles, law, ...rest } = words;
  return {
    ...rest,
    language,
    roles: roles.map(([name, know], at) => ({ role: roleKeys[at] ?? "stander", name, know })),
    legalNotes: [{ country: "RU", text: law, checkedOn: day(-40) }],
  };
}

const vigilEn: Words = {
  title: "Women in Black: fifteen silent minutes",
  why: "We stand where they pass, and say nothing. Whoever sees it knows that they are not alone.",
  placeCriteria: "A busy square with a memorial, in daylight, two ways out",
  bring: ["A white flower", "Water", "Your medicine"],
  leaveAtHome: ["Anything with another person’s name in it", "A phone that is switched on"],
  steps: [
    "Come one by one, not together",
    "Stand for fifteen minutes and do not speak",
    "The speaker answers if somebody asks; nobody else does",
    "Leave slowly, in two directions",
  ],
  roles: [
    ["Stander", "You stand and are silent."],
    ["Speaker", "You answer questions, calmly, so that the others can be silent."],
    ["Observer", "You stand apart, watch the time, and see who is taken and where."],
    ["Safety contact", "You are elsewhere, with the numbers, and wait for everybody’s word."],
  ],
  checklists: {
    before: ["I know two ways out", "I know the number by heart", "Somebody knows when I should be home"],
    during: ["I see the observer"],
    after: ["I said that I am home", "I washed nothing off and posted nothing"],
    ifHeld: ["Give your name and nothing else", "Ask for the lawyer", "Sign nothing that you have not read"],
  },
  abortSignals: ["More than two patrols", "Somebody films faces", "You do not feel well"],
  ifStopped: "I am waiting for my lawyer and will not answer before.",
  law: "Standing alone without a sign is not an assembly by the letter of the law; people were detained all the same.",
};

const vigilRu: Words = {
  title: "Женщины в чёрном: пятнадцать тихих минут",
  why: "Мы стоим там, где они проходят, и молчим. Кто увидит — поймёт, что он не один.",
  placeCriteria: "Людная площадь с памятником, днём, с двумя выходами",
  bring: ["Белый цветок", "Вода", "Ваши лекарства"],
  leaveAtHome: ["Всё, где есть чужое имя", "Включённый телефон"],
  steps: [
    "Приходите по одному, не вместе",
    "Стойте пятнадцать минут и молчите",
    "Отвечает только тот, кто говорит за всех",
    "Уходите медленно, в две стороны",
  ],
  roles: [
    ["Стоит", "Вы стоите и молчите."],
    ["Говорит", "Вы спокойно отвечаете на вопросы, чтобы остальные могли молчать."],
    ["Смотрит", "Вы в стороне, следите за временем и видите, кого и куда увели."],
    ["На связи", "Вы в другом месте, с номерами, и ждёте слова от каждого."],
  ],
  checklists: {
    before: ["Я знаю два выхода", "Я помню номер наизусть", "Кто-то знает, когда я буду дома"],
    during: ["Я вижу того, кто смотрит"],
    after: ["Я сказала, что дома", "Я ничего не выложила"],
    ifHeld: ["Назовите имя и больше ничего", "Требуйте адвоката", "Не подписывайте непрочитанного"],
  },
  abortSignals: ["Больше двух патрулей", "Кто-то снимает лица", "Вам нехорошо"],
  ifStopped: "Я жду адвоката и до него не отвечаю.",
  law: "Стоять одному без плаката — по букве закона не собрание; задерживали и за это.",
};

function preset(kind: CallKind, level: number, en: Partial<Words>, ru: Partial<Words>): Call {
  return {
    version: 1,
    preset: kind,
    kind,
    issuedOn: day(0),
    expires: day(14),
    window: { from: day(0), until: day(14) },
    durationMin: 20,
    groupMin: 1,
    groupMax: 4,
    soloOk: true,
    risk: { level, reviewedBy: "", reviewedOn: null },
    preparationMin: 60,
    cost: "small",
    roles: [
      { role: "stander", count: 3, risk: 3 },
      { role: "speaker", count: 1, risk: 4 },
      { role: "observer", count: 1, risk: 2 },
      { role: "safety_contact", count: 1, risk: 1 },
    ],
    checkIn: { graceMin: 30, asks: "buddy" },
    photoRule: "none",
    photoAfterH: 0,
    tally: null,
    materials: [],
    legalAid: [
      { name: "Lawyers on call", number: "+7 000 000-00-00", hours: "00:00–24:00", checkedOn: day(-12) },
    ],
    retainAfterEndS: 7_200,
    supersedes: null,
    texts: [textOf("en", { ...vigilEn, ...en }), textOf("ru", { ...vigilRu, ...ru })],
  };
}

export const presets = (): Call[] => [
  preset("vigil", 3, {}, {}),
  preset(
    "leafleting",
    3,
    {
      title: "Leaflets in letterboxes",
      why: "A sheet in a letterbox is read alone, at home, without witnesses.",
    },
    {
      title: "Листовки в почтовые ящики",
      why: "Листок из ящика читают дома, в одиночестве и без свидетелей.",
    },
  ),
  preset(
    "memorial",
    2,
    {
      title: "A cross for each name",
      why: "Five thousand wooden crosses, so that nobody has to count alone.",
    },
    { title: "Крест за каждое имя", why: "Пять тысяч деревянных крестов, чтобы никто не считал в одиночку." },
  ),
  preset(
    "slogan",
    2,
    { title: "Words on banknotes", why: "Money goes everywhere, and nobody throws it away." },
    { title: "Слова на деньгах", why: "Деньги ходят везде, и никто их не выбрасывает." },
  ),
  preset(
    "fund",
    1,
    { title: "For the strike fund", why: "Who stops work has to eat. Cash, by hand, without names." },
    {
      title: "В стачечный фонд",
      why: "Кто бросил работу, тоже должен есть. Наличными, из рук в руки, без имён.",
    },
  ),
  preset(
    "information",
    1,
    {
      title: "What a summons is and is not",
      why: "Who knows the law is harder to frighten. Tell three people.",
    },
    {
      title: "Повестка: что это и что нет",
      why: "Кто знает закон, того труднее напугать. Расскажите троим.",
    },
  ),
];
