members-title = الأعضاء
members-count = { $count ->
    [zero] لا أعضاء
    [one] عضو واحد
    [two] عضوان
    [few] { $count } أعضاء
    [many] { $count } عضوًا
   *[other] { $count } عضو
  }
members-former = لم يعودوا أعضاءً
members-you = أنت
members-full = له حق التصويت والدعوة
members-not-full = ليس له بعد حق التصويت والدعوة
members-not-full-why = يجب أن يزكّيه أولًا شخص غير الذي دعاه.
members-vouch = تزكية { $name }
members-vouch-short = تزكية
members-vouched = أصبح لدى { $name } حق التصويت والدعوة.
members-verified = تمت المقارنة
members-not-verified = لم تتم المقارنة بعد
members-reachable = متصل الآن
members-not-reachable = غير متصل
members-silent = { $days ->
    [zero] صامت منذ أقل من يوم
    [one] صامت منذ يوم
    [two] صامت منذ يومين
    [few] صامت منذ { $days } أيام
    [many] صامت منذ { $days } يومًا
   *[other] صامت منذ { $days } يوم
  }
members-silent-long = لم يُسمع عنه شيء منذ مدة. اسأل بطريق آخر إن كان بخير.
members-introduced = بدعوة من { $name }
members-introduced-compared = بدعوة من { $name }، مع مقارنة العبارة بحسب قوله
members-introduced-uncompared = بدعوة من { $name }، دون مقارنة العبارة
members-founder = من مؤسسي الخلية
members-suspended = موقوف: شيئان مختلفان يحملان توقيعه نفسه
members-removed = أُخرج
members-left = غادر
members-compare = مقارنة مع { $name }
members-compare-short = مقارنة
members-remove = إخراج { $name }…
members-vote-short = التصويت على الإخراج…
members-invite = دعوة شخص
members-more = المزيد عن { $name }
members-restored = تأكيد الجهاز المستعاد لـ { $name }
members-votes = { $votes ->
    [zero] لا أصوات
    [one] صوت واحد
    [two] صوتان
    [few] { $votes } أصوات
    [many] { $votes } صوتًا
   *[other] { $votes } صوت
  } من { $needed } لإخراج { $name }
members-not-applied = نفّذ الإخراجَ { $applied } من أصل { $of }. الباقون ما زالوا يكتبون لـ { $name } إلى أن يعلموا به.
members-all-applied = نفّذ الجميع الإخراج.
members-empty = لا أحد غيرك هنا بعد. ادعُ أول شخص.
members-failed = تعذّرت قراءة القائمة.

safety-title = مقارنة مع { $name }
safety-lead = اتصل بـ { $name } أو التقيا. اقرآ الأرقام لبعضكما بالتناوب. يجب أن تتطابق عند الطرفين.
safety-digits = اثنتا عشرة مجموعة من خمسة أرقام
safety-words = الشيء نفسه بالكلمات
safety-qr = الشيء نفسه صورةً
safety-qr-text = رمز QR لرقم الأمان
safety-same = متطابقة
safety-differ = مختلفة
safety-differ-lead = إذن ربما يقف أحد بينكما، أو أنكما تنظران إلى خليتين مختلفتين. لا تضع علامة. ولا تتحدث هنا عن أي أمر مهم حتى تلتقيا.
safety-already = لقد قارنته من قبل.
safety-done = سُجّل: تمت المقارنة مع { $name }.
safety-close = إغلاق

remove-title = إخراج { $name }؟
remove-does-title = ما الذي يحدث
remove-does-vote = يُحسب صوتك الآن. المطلوب { $needed ->
    [zero] { $needed } صوت
    [one] صوت واحد
    [two] صوتان
    [few] { $needed } أصوات
    [many] { $needed } صوتًا
   *[other] { $needed } صوت
  }، { $votes ->
    [zero] ولا يوجد أي صوت بعد
    [one] ويوجد صوت واحد حتى الآن
    [two] ويوجد صوتان حتى الآن
    [few] وتوجد { $votes } أصوات حتى الآن
    [many] ويوجد { $votes } صوتًا حتى الآن
   *[other] ويوجد { $votes } صوت حتى الآن
  }.
remove-does-first = يُحسب صوتك الآن. في الخلية الصغيرة يلزم صوتان، ومن عشرة أعضاء فأكثر ثلاثة.
remove-does-when = مع الصوت الأخير لا يقرأ { $name } شيئًا بعد ذلك ممن يعلمون بالإخراج: فورًا من المتصلين، ومن الآخرين حين يعودون.
remove-does-see = سيُبلَّغ { $name } بإخراجه، وبمن صوّتوا لذلك.
remove-not-title = ما الذي لا يحدث
remove-not-read = يحتفظ { $name } بما قرأه.
remove-not-back = لا يمكن التراجع. لا عودة إلا كشخص جديد، بدعوة جديدة.
remove-confirm = التصويت لإخراج { $name }
remove-cancel = إلغاء
remove-counted = حُسب صوتك. { $votes ->
    [zero] لا أصوات
    [one] صوت واحد
    [two] صوتان
    [few] { $votes } أصوات
    [many] { $votes } صوتًا
   *[other] { $votes } صوت
  } من { $needed }.
remove-done = أُخرج { $name }.

restored-title = هل كان هذا { $name } حقًا؟
restored-lead = عاد جهاز { $name } من نسخة أقدم. يحدث هذا بعد إصلاح. ويحدث أيضًا حين ينسخ أحدٌ القرص. اسأل بالصوت أو وجهًا لوجه قبل أن تؤكد.
restored-confirm = سألت، فليكتب من جديد
restored-cancel = ليس بعد

leave-title = مغادرة { $name }؟
leave-lead = سيرى الآخرون أنك غادرت. لن تقرأ هنا جديدًا ولن تكتب.
leave-keeps = يبقى ما قرأته على هذا الحاسوب حتى تمحوه.
leave-back = لا عودة إلا بدعوة جديدة، كشخص جديد.
leave-confirm = مغادرة
leave-cancel = البقاء
