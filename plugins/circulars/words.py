"""Chinese words for the keys and values of circulars.yaml."""

WORDS = {
    "circulars.yaml": "通报", "Circulars.kinds": "通报", "periods": "适用周期", "CircularKind.document": "版式",
    "heading": "标题", "CircularKind.mark": "发文机关标志", "CircularKind.number": "发文字号", "salutation": "主送",
    "numbers": "数字口径", "sections": "正文各部分", "opening": "开头", "requirements": "工作要求", "praise": "表扬",
    "silent": "零报送", "CircularKind.tables": "表格", "AnnexRule.tables": "表格", "annexes": "附件", "correction": "更正说明",
    "joint_note": "联合报送说明", "office": "落款", "date_style": "成文日期写法", "seal": "留出用印位置",
    "closing_note": "附注", "copy_to": "抄送", "printed_by": "印发机关", "measure": "统计项", "share_of": "占比",
    "NumberRule.counts": "合计口径", "say": "文字", "otherwise": "全部为零时的文字", "paragraph": "另起一段",
    "pattern": "写法", "code": "机关代字", "series": "编号系列", "show": "内容", "under": "上一级表头", "zero": "零的印法",
    "width": "栏宽", "TableRule.columns": "各栏", "TableRule.order": "行的次序", "TableRule.total": "合计行", "part": "内容",
    "top": "取前几名", "Praise.unit": "单位的写法", "wide": "横排",
    "date_style=arabic": "阿拉伯数字", "date_style=chinese": "汉字数字", "counts=items": "联合报送只计一条",
    "counts=credits": "各单位相加", "total=none": "没有", "total=items": "联合报送只计一条", "total=credits": "各单位相加",
    "order=place": "按名次", "order=official": "按单位次序", "zero=zero": "印零", "zero=blank": "留空", "zero=dash": "印短横",
    "form": "文种形式", "recipients": "发给哪些单位", "rolls": "名单部分", "most": "短信字数上限", "whose": "谁的数字",
    "NumberRule.zero": "零的写法", "TableRule.of": "各行是什么", "prize": "奖项", "list": "名单", "TableRule.top": "列到第几名",
    "AnnexRule.parts": "附件正文各部分", "RollRule.each": "分组写法", "RollRule.style": "排法", "RollRule.name": "每个名字的写法",
    "joiner": "名字之间的标点",
    "form=document": "一份文件", "form=letters": "逐个单位一份函件", "form=messages": "逐个单位一条短信", "whose=all": "全部单位",
    "whose=recipient": "收件单位", "zero=drop": "略去分句", "zero=keep": "照写零", "of=units": "单位", "of=persons": "个人",
    "each=all": "合写一段", "each=group": "各组一段", "style=paragraph": "写成一段", "style=lines": "每个一行",
}  # fmt: skip
