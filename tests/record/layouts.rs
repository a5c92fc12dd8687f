//! Invented documents, one layout each; what is listed must be read so, `-` must be missing.

use super::{get, norm};
use fixenc::record::extract;

/// Name, text, fields.
type Case = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

fn check(cases: &[Case]) {
    let mut wrong = Vec::new();
    for (name, text, fields) in cases {
        let record = extract(text, &[]);
        for (field, want) in *fields {
            let got = match *field {
                "doc_type" => record.doc_type.unwrap_or_default().to_owned(),
                _ => get(&record, field),
            };
            let want = if *want == "-" { "" } else { want };
            if norm(&got) != norm(want) {
                wrong.push(format!("{name}: {field}: want {want:?}, got {got:?}"));
            }
        }
        for (_, field) in record.fields.iter() {
            assert_eq!(fixenc::record::resident_id::mask(&text[field.start..field.end]), field.raw, "{name}");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const PLAIN: &[Case] = &[
    (
        "colons, numerals for the year, amounts on one line",
        "事业单位法人年度报告书\n（二〇二二年度）\n单位名称：青田县北山镇卫生院\n住 所：浙江省青田县北山镇白岩路3号    法定代表人：叶 蓁\n\
         开办资金：￥１２８．５万元  经费来源：财政补助\n举办单位：青田县卫生健康局\n\
         净资产合计：年初数1,203.66万元，年末数-15.2万元\n网上名称：青田县北山镇卫生院.公益  从业人数：３１人\n\
         开展业务活动情况：一、门诊。全年接诊2.1万人次，\n办理住所变更登记一次。\n二、公卫。建档9000份。\n\
         接受捐赠资助及使用情况：无\n",
        &[
            ("doc_type", "public_institution_annual_report"),
            ("report_year", "2022"),
            ("org_name", "青田县北山镇卫生院"),
            ("domicile", "浙江省青田县北山镇白岩路3号"),
            ("legal_representative", "叶蓁"),
            ("initial_funds", "128.5"),
            ("funding_source", "财政补助"),
            ("sponsor", "青田县卫生健康局"),
            ("net_assets_begin", "1203.66"),
            ("net_assets_end", "-15.2"),
            ("online_name", "青田县北山镇卫生院.公益"),
            ("staff_count", "31"),
            (
                "business_activities",
                "一、门诊。全年接诊2.1万人次，办理住所变更登记一次。二、公卫。建档9000份。",
            ),
            ("donations", "无"),
        ],
    ),
    (
        "carriage returns, NBSP, numbered labels, remarks behind labels",
        "事业单位法人年度报告书\r\n（\u{a0}2020\u{a0}年度）\r\n\r\n1.统一社会信用代码（或事证号）：1243 0922 mb1b 9288 35\r\n\
         2.名\u{a0}\u{a0}称：某某乡农技站\r\n3、法定代表人（签字）：\u{a0}田\u{3000}野\r\n（四）开办资金（元）：300000\r\n\
         5.从业人员：8名\r\n6.经费来源：\r\n7.举办单位：某某乡人民政府\r\n",
        &[
            ("report_year", "2020"),
            ("uscc", "12430922MB1B928835"),
            ("org_name", "某某乡农技站"),
            ("legal_representative", "田野"),
            ("initial_funds", "30"),
            ("staff_count", "8"),
            ("funding_source", "-"),
            ("sponsor", "某某乡人民政府"),
        ],
    ),
    (
        "labels and values on lines of their own, double spaced",
        "统一社会信用代码\n\n12430922MB1B\n\n928835\n\n事业单位法人\n\n年度报告书\n\n（\n\n2021\n\n年度）\n\n单位\n\n名称\n\n\
         柳叶湖旅游度假区白鹤镇\n\n文化服务\n\n中心\n\n法定\n\n代表人\n\n欧\n\n阳\n\n国家事业单位登记管理局制\n",
        &[
            ("uscc", "12430922MB1B928835"),
            ("report_year", "2021"),
            ("org_name", "柳叶湖旅游度假区白鹤镇文化服务中心"),
            ("legal_representative", "欧阳"),
            ("issuing_body", "国家事业单位登记管理局"),
        ],
    ),
    (
        "columns made with spaces, the last value missing",
        "事业单位法人年度报告书（2018年度）\n名称：平川区兽医站\n资产损益情况\n\
         净资产合计（所有者权益合计）\n   年初数（万元）      年末数（万元）\n      33.10\n网上名称：  从业人数：12\n",
        &[
            ("report_year", "2018"),
            ("net_assets_begin", "33.10"),
            ("net_assets_end", "-"),
            ("online_name", "-"),
            ("staff_count", "12"),
        ],
    ),
    (
        "year before a bracket, code with a short label",
        "事业单位法人年度报告书（２０２３）年度\n单位名称：某某小学\n代码 12430922MB1B928835\n法定代表人（姓名） 李 四\n",
        &[
            ("report_year", "2023"),
            ("org_name", "某某小学"),
            ("uscc", "12430922MB1B928835"),
            ("legal_representative", "李四"),
        ],
    ),
    (
        "everything on one line",
        "2019年度事业单位法人年度报告书 单位名称：麻阳县第三小学 法定代表人：滕子京 住所：麻阳县锦和镇 开办资金：12万元 从业人数：40",
        &[
            ("report_year", "2019"),
            ("org_name", "麻阳县第三小学"),
            ("legal_representative", "滕子京"),
            ("domicile", "麻阳县锦和镇"),
            ("initial_funds", "12"),
            ("staff_count", "40"),
        ],
    ),
    (
        "hard-wrapped lines that begin with a label word",
        "事业单位法人年度报告\n报告年度：2017\n单位名称：沅陵县渔政站\n变更登记执行情况：本年度于六月办理了\n法定代表人变更登记，十月办理了\n\
         住所变更登记。\n开展业务活动情况：全年巡查水域一百次，协助\n举办单位开展增殖放流，投放\n鱼苗30万尾。\n相关资质认可或执业许可证明文件及有效期：无\n",
        &[
            ("report_year", "2017"),
            ("change_registration", "本年度于六月办理了法定代表人变更登记，十月办理了住所变更登记。"),
            ("business_activities", "全年巡查水域一百次，协助举办单位开展增殖放流，投放鱼苗30万尾。"),
            ("qualifications", "无"),
            ("legal_representative", "-"),
            ("sponsor", "-"),
        ],
    ),
    (
        "blanks drawn with underscores, old certificate",
        "事业单位法人年度报告书\n（ __2013__ 年度）\n事证第143092200017号\n单位名称：__安化县马路镇林业站__\n法定代表人：________\n住    所：安化县马路镇\n",
        &[
            ("report_year", "2013"),
            ("old_certificate_no", "事证第143092200017号"),
            ("org_name", "安化县马路镇林业站"),
            ("legal_representative", "-"),
            ("domicile", "安化县马路镇"),
        ],
    ),
];

const STACKED: &[Case] = &[
    (
        "cells one below the other, the TABs lost",
        "事业单位法人年度报告书\n（2023年度）\n《事业单位法人证书》\n登载事项\n单位名称\n桂东县沤江镇水库管理所\n宗旨和\n业务范围\n防汛与灌溉。\n\
         住    所\n桂东县沤江镇\n法定代表人\n邓 莲\n开办资金\n45万元\n资产\n损益\n情况\n净资产合计（所有者权益合计）\n年初数\n（万元）\n年末数\n（万元）\n-6.20\n7.15\n\
         网上名称\n从业人数\n13人\n开\n展\n业\n务\n活\n动\n情\n况\n巡堤60次。\n修渠2条。\n接受捐赠\n资助及使用 情 况\n无\n",
        &[
            ("org_name", "桂东县沤江镇水库管理所"),
            ("purpose_and_scope", "防汛与灌溉。"),
            ("domicile", "桂东县沤江镇"),
            ("legal_representative", "邓莲"),
            ("initial_funds", "45"),
            ("net_assets_begin", "-6.20"),
            ("net_assets_end", "7.15"),
            ("online_name", "-"),
            ("staff_count", "13"),
            ("business_activities", "巡堤60次。修渠2条。"),
            ("donations", "无"),
        ],
    ),
    (
        "doubled line ends",
        "事业单位法人年度报告书\r\r\n（2023年度）\r\r\n\r\r\n\t单位\r\r\n名称\r\r\n\t桂东县烈士陵园\r\r\n\r\r\n\t\r\r\n\t住\r\r\n所\r\r\n\t桂东县\r\r\n沤江镇\r\r\n\r\r\n\
         \t\r\r\n\t年初数\r\r\n\t年末数\r\r\n\r\r\n\t\r\r\n\t1\r\r\n\t2\r\r\n",
        &[
            ("org_name", "桂东县烈士陵园"),
            ("domicile", "桂东县沤江镇"),
            ("net_assets_begin", "1"),
            ("net_assets_end", "2"),
        ],
    ),
    (
        "whole numbers under headings",
        "事业单位法人年度报告书\n资产损益情况：净资产合计\n年初数（元）    年末数（元）\n120000    3\n网上名称：某某.公益\n",
        &[("net_assets_begin", "12"), ("net_assets_end", "0.0003"), ("online_name", "某某.公益")],
    ),
    (
        "values that are labels or notes",
        "事业单位法人年度报告书\n\n\t单位名称\n\t某县住所管理中心\n\n\t法定代表人\n\t（签字）\n\n\t住所\n\t名称路3号\n\n\t经费来源\n\t开办资金\n\n\t网上名称\n\t/\n\n",
        &[
            ("org_name", "某县住所管理中心"),
            ("legal_representative", "-"),
            ("domicile", "名称路3号"),
            ("funding_source", "-"),
            ("online_name", "/"),
        ],
    ),
];

const TABLES: &[Case] = &[
    (
        "exploded, labels one character per line, paragraphs in a cell",
        "事业单位法人年度报告书\n\n（2022年度）\n\n\t单位\n名称\n\t龙山县里耶镇敬老院\n\n\t法定\n代表\n人\n\t彭 湘\n\n\
         \t《事业\n单位\n法人\n证书》\n登载\n事项\n\t名\n称\n\t龙山县里耶镇敬老院\n\n\t\n\t住\n所\n\t湖南省龙山县里耶镇\n迎宾路12号\n\n\
         \t\n\t经费来源\n\t\n\n\t\n\t举办单位\n\t龙山县民政局\n\n\t净资产\n合计\n\t年初数\n（万元）\n\t期末数\n（万元）\n\n\t\n\t（3.50）\n\t4\n\n\
         \t开\n展\n业\n务\n活\n动\n情\n况\n\t一、集中供养。全年供养老人43名。\n\n二、安全。法定代表人带队检查12次。\n\n\
         \t接受捐赠资助及使用情况\n\t收到棉被30床\n\n",
        &[
            ("org_name", "龙山县里耶镇敬老院"),
            ("legal_representative", "彭湘"),
            ("domicile", "湖南省龙山县里耶镇迎宾路12号"),
            ("funding_source", "-"),
            ("sponsor", "龙山县民政局"),
            ("net_assets_begin", "-3.50"),
            ("net_assets_end", "4"),
            ("business_activities", "一、集中供养。全年供养老人43名。二、安全。法定代表人带队检查12次。"),
            ("donations", "收到棉被30床"),
        ],
    ),
    (
        "exploded, white space at line ends lost",
        "事业单位法人年度报告书\n\n（2022年度）\n\n\t单位名称\n\t会同县林城镇幼儿园\n\n\t法定代表人\n\n\n国家事业单位登记管理局制\n\n\
         \t《事业单位法人证书》登载事项\n\t单位名称\n\t会同县林城镇幼儿园\n\n\n\t法定代表人\n\t粟 裕 光\n\n\n\t经费来源\n\n\n\t举办单位\n\t会同县教育局\n\n\
         \t资产损益情况\n\t净资产合计\n\n\n\t年初数\n\t年末数\n\n\n\t10.1\n\t20.2\n\n\t网上名称\n\n\t从业人数\n\t19\n\n",
        &[
            ("org_name", "会同县林城镇幼儿园"),
            ("legal_representative", "粟裕光"),
            ("funding_source", "-"),
            ("sponsor", "会同县教育局"),
            ("net_assets_begin", "10.1"),
            ("net_assets_end", "20.2"),
            ("online_name", "-"),
            ("staff_count", "19"),
            ("issuing_body", "国家事业单位登记管理局"),
        ],
    ),
    (
        "Markdown",
        "# 事业单位法人年度报告书\n\n（2023年度）\n\n| 项目 | 内容 | 项目 | 内容 |\n| --- | --- | --- | --- |\n\
         | **统一社会信用代码** | 12430922MB1B928835 | **单位名称** | 通道县图书馆 |\n| 住　所 | 通道县双江镇<br>文化路2号 | 法定代表人 | 杨再兴 |\n\
         | 开办资金 | 26.00（万元） | 经费来源 | |\n| 年初数（万元） | 年末数（万元） | 从业人数 | 网上名称 |\n| 12 | 13 | 7 | 无 |\n\
         | 开展业务活动情况 | 举办讲座10场｜展览3次 | | |\n",
        &[
            ("report_year", "2023"),
            ("uscc", "12430922MB1B928835"),
            ("org_name", "通道县图书馆"),
            ("domicile", "通道县双江镇文化路2号"),
            ("legal_representative", "杨再兴"),
            ("initial_funds", "26.00"),
            ("funding_source", "-"),
            ("net_assets_begin", "12"),
            ("net_assets_end", "13"),
            ("staff_count", "7"),
            ("online_name", "无"),
        ],
    ),
    (
        "pipes without outer ones",
        "事业单位法人年度报告书（2021年度）\n单位名称|芷兰社区文化站|从业人数|5\n法定代表人||住所|芷兰路9号\n开办资金|-0.5（万元）|举办单位|芷兰街道办事处\n",
        &[
            ("org_name", "芷兰社区文化站"),
            ("staff_count", "5"),
            ("legal_representative", "-"),
            ("domicile", "芷兰路9号"),
            ("initial_funds", "-0.5"),
            ("sponsor", "芷兰街道办事处"),
        ],
    ),
    (
        "drawn table",
        "事业单位法人年度报告书\n┌────┬────┐\n│单位名称│南岳区气象服务中心│\n├────┼────┤\n│法定代表人│衡 岳│\n├────┼────┤\n│从业人数│十一│\n└────┴────┘\n",
        &[("org_name", "南岳区气象服务中心"), ("legal_representative", "衡岳"), ("staff_count", "11")],
    ),
    (
        "rows of TABs, letters spread over cells, TABs as fill, wrapped value",
        "事业单位法人年度报告书\n（2015年度）\n单\t位\t名\t称\t涟源市渡头塘镇水管站\n住\t所\t\t涟源市渡头塘镇\n人民路口\n法定代表人\t\t开办资金\t5\t（万元）\n\
         统一社会信用代码\t1\t2\t4\t3\t0\t9\t2\t2\tM\tB\t1\tB\t9\t2\t8\t8\t3\t5\n净资产合计\t年初数\t年末数\n\t7.7\t8.8\n网上名称\t\t从业人数\t14\n",
        &[
            ("org_name", "涟源市渡头塘镇水管站"),
            ("domicile", "涟源市渡头塘镇人民路口"),
            ("legal_representative", "-"),
            ("initial_funds", "5"),
            ("uscc", "12430922MB1B928835"),
            ("net_assets_begin", "7.7"),
            ("net_assets_end", "8.8"),
            ("online_name", "-"),
            ("staff_count", "14"),
        ],
    ),
    (
        "pairs between TABs, label above its value, label words in values",
        "事业单位法人年度报告书\t报告年度：2024\n名称：双峰县农机站\t法定代表人：罗 泽\t从业人员：9\n\n\t变更登记执行情况\n\t法定代表人：由甲变更为乙\n\n\
         \t开展业务活动情况\n\n\t名称规范、住所明确。开办资金充足。\n\n\t相关资质认可或执业许可证明文件及有效期\n\t无\n\n",
        &[
            ("report_year", "2024"),
            ("org_name", "双峰县农机站"),
            ("legal_representative", "罗泽"),
            ("staff_count", "9"),
            ("change_registration", "法定代表人：由甲变更为乙"),
            ("business_activities", "名称规范、住所明确。开办资金充足。"),
            ("qualifications", "无"),
        ],
    ),
    (
        "sign-off",
        "事业单位法人年度报告书\n\n\t单位名称\n\t蓝山县疾控中心\n\n\t法定代表人\n\t雷 鸣\n\n\t宗旨和业务范围\n\t预防疾病\n\n\
         \t事业单位委托意见\n\t情况属实，同意委托公示。\n法定代表人：（签字）  （公章）\n2021年1月5日\n\n\t举办单位意见\n\t同意。\n\n负责人：李四（签字）    （盖章）\n\n\
         填报人：王 五 电话：0746-1234567 填报日期：2021 年 1 月 6 日\n",
        &[
            ("legal_representative", "雷鸣"),
            ("entity_commission_opinion", "情况属实，同意委托公示。"),
            ("sponsor_opinion", "同意。"),
            ("form_filler", "王五"),
            ("phone", "0746-1234567"),
            ("submit_date", "2021年1月6日"),
        ],
    ),
];

const OTHERS: &[Case] = &[
    (
        "business licence",
        "营 业 执 照\n（副 本）\n统一社会信用代码\n91350100M000100Y43\n名    称  福州某某科技有限公司\n类    型  有限责任公司\n\
         住    所  福州市鼓楼区某路1号\n法定代表人  林某某\n注册资本  壹佰万元整\n成立日期  2015年10月08日\n营业期限  2015年10月08日至长期\n\
         经营范围  软件开发；信息咨询。\n登记机关  福州市市场监督管理局\n",
        &[
            ("doc_type", "business_license"),
            ("uscc", "91350100M000100Y43"),
            ("org_name", "福州某某科技有限公司"),
            ("entity_type", "有限责任公司"),
            ("registered_capital", "100"),
            ("established", "2015年10月08日"),
            ("term", "2015年10月08日至长期"),
            ("scope", "软件开发；信息咨询。"),
            ("authority", "福州市市场监督管理局"),
        ],
    ),
    (
        "business licence, spaces behind the labels lost",
        "营业执照\n统一社会信用代码91350100M000100Y43\n名称福州某某科技有限公司\n类型有限责任公司\n住所福州市鼓楼区某路1号\n法定代表人林某某\n\
         注册资本壹佰万元整\n经营范围软件开发；房屋\n租赁。\n登记机关福州市市场监督管理局\n",
        &[
            ("uscc", "91350100M000100Y43"),
            ("org_name", "福州某某科技有限公司"),
            ("domicile", "福州市鼓楼区某路1号"),
            ("legal_representative", "林某某"),
            ("registered_capital", "100"),
            ("scope", "软件开发；房屋租赁。"),
            ("authority", "福州市市场监督管理局"),
        ],
    ),
    (
        "penalty of another authority",
        "某县应急管理局\n行 政 处 罚 决 定 书\n（某）应急罚〔2022〕执法-3号\n被处罚单位：某某矿业有限公司\n地址：某县某镇   邮政编码：410000\n\
         法定代表人（负责人）：刘某   职务：经理   联系电话：0731-1234567\n违法事实及证据：2022年6月，执法人员检查时发现该单位没有按照规定设置安全警示标志，以上事实有现场笔录为证。\n",
        &[
            ("doc_no", "（某）应急罚〔2022〕执法-3号"),
            ("party", "某某矿业有限公司"),
            ("domicile", "某县某镇"),
            ("legal_representative", "刘某"),
            ("phone", "0731-1234567"),
        ],
    ),
    (
        "penalty",
        "某某县市场监督管理局\n行政处罚决定书\n某市监处罚〔2023〕18号\n当事人：某某县甲餐馆\n主体资格证照名称：营业执照\n\
         统一社会信用代码（注册号）：12430922MB1B928835\n住所（住址）：某某县某镇某街8号\n法定代表人（负责人、经营者）：张某\n\
         身份证（其他有效证件）号码：11010519491231002X\n联系电话：13800000000\n2023年5月8日，本局执法人员对当事人经营场所进行检查，发现其使用超过保质期的食品原料，当事人对此没有异议，本局依法立案。\n",
        &[
            ("doc_type", "admin_penalty"),
            ("doc_no", "某市监处罚〔2023〕18号"),
            ("party", "某某县甲餐馆"),
            ("licence_name", "营业执照"),
            ("uscc", "12430922MB1B928835"),
            ("domicile", "某某县某镇某街8号"),
            ("legal_representative", "张某"),
            ("id_number", "110105********002X"),
            ("phone", "13800000000"),
        ],
    ),
    (
        "procurement notice",
        "某某学校食堂设备采购项目中标（成交）结果公告\n一、项目编号：ZB2023-017\n二、项目名称：食堂设备采购项目\n三、中标（成交）信息\n\
         供应商名称：某某厨具有限公司\n供应商地址：某市某路\n中标（成交）金额：98.6万元\n八、凡对本次公告内容提出询问，请按以下方式联系。\n\
         1.采购人信息\n名 称：某某学校\n地　　址：某市甲路1号\n联系方式：0731-88880000\n2.采购代理机构信息\n名 称：某某招标公司\n地　　址：某市乙路2号\n联系方式：0731-88881111\n\
         3.项目联系方式\n项目联系人：赵工\n电　　话：0731-88882222\n",
        &[
            ("doc_type", "procurement_notice"),
            ("project_no", "ZB2023-017"),
            ("project_name", "食堂设备采购项目"),
            ("supplier_name", "某某厨具有限公司"),
            ("award_amount", "98.6"),
            ("buyer.name", "某某学校"),
            ("buyer.address", "某市甲路1号"),
            ("buyer.contact", "0731-88880000"),
            ("agent.name", "某某招标公司"),
            ("agent.address", "某市乙路2号"),
            ("agent.contact", "0731-88881111"),
        ],
    ),
    (
        "procurement notice with a table of winners",
        "中标结果公告\n项目编号：A-1\n项目名称：校服采购\n\n供应商名称\t供应商地址\t中标金额\n甲服饰公司\t某市\t1,200,000.00元\n\n采购人：某某中学\n地址：某市丙路3号\n联系电话：010-1\n采购代理机构：某某咨询公司\n地址：某市丁路4号\n",
        &[
            ("supplier_name", "甲服饰公司"),
            ("award_amount", "1200000.00"),
            ("buyer.name", "某某中学"),
            ("buyer.address", "某市丙路3号"),
            ("agent.name", "某某咨询公司"),
            ("agent.address", "某市丁路4号"),
        ],
    ),
    (
        "invoice, parties side by side",
        "电子发票（普通发票）\n发票号码：23312000000012345678\n开票日期：2023年07月05日\n\
         购买方信息  名称：甲公司        销售方信息  名称：乙公司\n统一社会信用代码/纳税人识别号：91350100M000100Y43  统一社会信用代码/纳税人识别号：914200001775644500\n\
         项目名称  规格型号  单位  数量\n*餐饮服务*餐费  次  1\n价税合计（大写）  ⊗壹佰圆整  （小写）¥100.00\n开票人：丙\n",
        &[
            ("doc_type", "vat_invoice"),
            ("invoice_no", "23312000000012345678"),
            ("invoice_date", "2023年07月05日"),
            ("buyer.name", "甲公司"),
            ("seller.name", "乙公司"),
            ("buyer.uscc", "91350100M000100Y43"),
            ("seller.uscc", "914200001775644500"),
            ("total", "100.00"),
        ],
    ),
    (
        "invoice, parties one after the other in upright letters",
        "浙江增值税普通发票\n发票号码：00112233\n开票日期：2022年01月02日\n购\n买\n方\n名称：丙公司\n纳税人识别号：91350100M000100Y43\n地址、电话：某路\n\
         销\n售\n方\n名称：丁公司\n纳税人识别号：914200001775644500\n价税合计（大写）伍拾圆整（小写）￥50.00\n",
        &[
            ("buyer.name", "丙公司"),
            ("seller.name", "丁公司"),
            ("buyer.uscc", "91350100M000100Y43"),
            ("seller.uscc", "914200001775644500"),
            ("total", "50.00"),
        ],
    ),
    (
        "head of a government page",
        "索 引 号：11500104009286295N/2022-00026\t发文字号：某府发〔2022〕6号\n发布机构：某某区人民政府\t成文日期：2022-03-01\n发布日期：2022-03-04\t有效性：有效\n标题：关于印发方案的通知\n",
        &[
            ("doc_type", "gov_page_header"),
            ("index_no", "11500104009286295N/2022-00026"),
            ("doc_no", "某府发〔2022〕6号"),
            ("publisher", "某某区人民政府"),
            ("written", "2022-03-01"),
            ("published", "2022-03-04"),
        ],
    ),
    (
        "certificate",
        "事业单位法人证书\n（副本）\n统一社会信用代码  12430922MB1B928835\n名    称：某某博物馆\n宗旨和业务范围：收藏文物，\n开展展览。\n住    所：某路1号\n法定代表人：钱某\n经费来源：财政补助\n开办资金：￥30万元\n举办单位：某某文旅局\n登记管理机关：某某县事业单位登记管理局\n有效期  自2021年03月01日至2026年03月01日\n",
        &[
            ("doc_type", "public_institution_certificate"),
            ("uscc", "12430922MB1B928835"),
            ("org_name", "某某博物馆"),
            ("purpose_and_scope", "收藏文物，开展展览。"),
            ("initial_funds", "30"),
            ("sponsor", "某某文旅局"),
            ("valid", "自2021年03月01日至2026年03月01日"),
            ("authority", "某某县事业单位登记管理局"),
        ],
    ),
    (
        "foundation and private institution",
        "民办非企业单位年度检查报告书\n（2022年度）\n单位名称\t阳光幼儿园\n登记证号\t民证字第010001号\n法定代表人\t马良\t联系电话\t123456\n业务主管单位\t某区教育局\n开办资金数额\t10万元\t开办资金来源\t自筹\n用房面积（平方米）\t860.5\n",
        &[
            ("doc_type", "private_non_enterprise_annual_check"),
            ("report_year", "2022"),
            ("org_name", "阳光幼儿园"),
            ("register_no", "民证字第010001号"),
            ("legal_representative", "马良"),
            ("supervisor", "某区教育局"),
            ("initial_funds", "10"),
            ("funds_origin", "自筹"),
            ("premises_area", "860.5"),
        ],
    ),
];

#[test]
fn plain_layouts() {
    check(PLAIN);
}

#[test]
fn stacked_layouts() {
    check(STACKED);
}

#[test]
fn tables() {
    check(TABLES);
}

#[test]
fn other_documents() {
    check(OTHERS);
}
