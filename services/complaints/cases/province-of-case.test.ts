import { expect, test } from '@jest/globals';
import { provinceOfCase } from './province-of-case.js';

test.each<[string, string | undefined, string, string | undefined, string, string]>([
  ['what is said', '河南', '地址：广东省深圳市南山区', '02158881234', '河南', 'stated'],
  ['the address in the text', undefined, '我要投诉。\n联系地址：河南省郑州市金水区文化路 1 号', '02158881234', '河南', 'address'],
  ['an address that begins with its city', undefined, '住址: 郑州市金水区', undefined, '河南', 'address'],
  ['a street that bears the name of a city says nothing', undefined, '地址：南京东路 100 号', '037188881234', '河南', 'number'],
  ['nor does a district', undefined, '地址：朝阳区建国路 88 号', undefined, '上海', 'site'],
  ['a city before its street', undefined, '地址：苏州市南京路 1 号', undefined, '江苏', 'address'],
  ['a city before its district', undefined, '地址：洛阳涧西区南昌路 2 号', undefined, '河南', 'address'],
  ['a municipality before its district', undefined, '地址：北京朝阳区建国路 88 号', undefined, '北京', 'address'],
  ['an autonomous region', undefined, '地址：宁夏回族自治区银川市', undefined, '宁夏', 'address'],
  ['the area code of the number', undefined, '等待过久', '037188881234', '河南', 'number'],
  ['a mobile number says nothing', undefined, '等待过久', '13800000001', '上海', 'site'],
  ['two addresses in two provinces say nothing', undefined, '地址：河南省郑州市\n单位地址：广东省深圳市', undefined, '上海', 'site'],
  ['a place that is no address', undefined, '你们的郑州客服态度恶劣，河南省其他网点也一样', undefined, '上海', 'site'],
  ['a withheld number', undefined, 'rude', undefined, '上海', 'site'],
])('the province of a case by %s', (_name, stated, text, number, province, provinceFrom) => {
  expect(provinceOfCase({ stated, text, number, site: '上海' })).toEqual({ province, provinceFrom });
});
