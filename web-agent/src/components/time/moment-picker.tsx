import { DatePicker } from 'antd';
import type { Dayjs } from 'dayjs';
import type { ReactNode } from 'react';

interface MomentPickerProps {
  /** These three are given by the form around it. */
  readonly value?: Dayjs | null;
  readonly onChange?: (moment: Dayjs | null) => void;
  readonly id?: string;
  readonly minDate?: Dayjs;
  readonly maxDate?: Dayjs;
  readonly 'data-testid': string;
}

/** A day and a minute by the site's clock, taken over as soon as it is chosen. */
export const MomentPicker = (props: MomentPickerProps): ReactNode => (
  <DatePicker className="full" allowClear={false} needConfirm={false} showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" {...props} />
);
