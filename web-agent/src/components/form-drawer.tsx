import { Drawer, Modal, type DrawerProps, type ModalProps } from 'antd';
import { useCallback, useEffect, useRef, type ReactNode, type SyntheticEvent } from 'react';
import { unsaved } from '../session/unsaved.js';

/** What a person picks with the mouse changes a form without an event of an input. A button inside a form adds or removes a part of it. */
const PICKED = '.ant-select-item-option, .ant-picker-cell, .ant-select-selection-item-remove, .ant-select-clear, .ant-picker-clear, button';

/** Follows whether somebody has changed anything in what stands inside; `isOpen` begins again with each opening. */
function useTouched(isOpen: boolean) {
  const touched = useRef(false);
  useEffect(() => {
    touched.current = false;
    return isOpen ? unsaved.add(() => touched.current) : undefined;
  }, [isOpen]);
  const touch = useCallback(() => {
    touched.current = true;
  }, []);
  const pick = useCallback(({ target }: SyntheticEvent) => {
    if (target instanceof Element && target.closest(PICKED) !== null) touched.current = true;
  }, []);
  return {
    leave: (go: () => void) =>
      unsaved.leave(
        () => {
          touched.current = false;
          go();
        },
        () => touched.current,
      ),
    // Lists that open over the page are children here as well, wherever they are drawn.
    watch: { className: 'contents', onChangeCapture: touch, onInputCapture: touch, onClickCapture: pick },
  };
}

/** A drawer with a form: Escape, the cross and the space beside it ask before what was typed is lost. */
export function FormDrawer({ onClose, children, ...drawer }: DrawerProps): ReactNode {
  const { leave, watch } = useTouched(drawer.open === true);
  return (
    <Drawer {...drawer} {...(onClose === undefined ? {} : { onClose: (event) => leave(() => onClose(event)) })}>
      <div {...watch}>{children}</div>
    </Drawer>
  );
}

/** The same for a form in a dialog. */
export function FormModal({ onCancel, children, ...modal }: ModalProps): ReactNode {
  const { leave, watch } = useTouched(modal.open === true);
  return (
    <Modal {...modal} {...(onCancel === undefined ? {} : { onCancel: (event) => leave(() => onCancel(event)) })}>
      <div {...watch}>{children}</div>
    </Modal>
  );
}
