import { DatePicker } from 'antd';
import type { Dayjs } from 'dayjs';
import type { ReactNode } from 'react';

interface MomentPickerProps {
  /** The surrounding form passes these three. */
  readonly value?: Dayjs | null;
  readonly onChange?: (moment: Dayjs | null) => void;
  readonly id?: string;
  readonly minDate?: Dayjs;
  readonly maxDate?: Dayjs;
  readonly 'data-testid': string;
}

/** A day and a minute by the site's clock, applied as soon as they are chosen. */
export const MomentPicker = (props: MomentPickerProps): ReactNode => (
  <DatePicker className="full" allowClear={false} needConfirm={false} showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" {...props} />
);
